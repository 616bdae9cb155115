"""How fast the bridge is: the shipped program between far ends that cost almost nothing, beside yardsticks."""
