"""Killed at every await: each scenario is played once to count its steps, then once for each step, with a death there.

The bridge is the shipped program, forked warm; the sandbox lives on, and its history is all that the judge sees.
"""
