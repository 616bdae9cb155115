"""What can be told from words alone, without a model: folding, asking for a person, courtesies, which language."""
