"""Scripted people: customers on three channels, and the agents who answer them."""
