"""Who judges the judge: bridges that are broken on purpose, one rule each. The judge must catch every one of them."""
