"""Killed at every await: each scenario is run once to count its steps, and then once for each of them, with a death there.

The bridge is the shipped program, forked warm; the sandbox lives on, and its history is all that the judge sees.
"""
