"""All broken bridges. A new one is a function in the file of what it breaks, and nothing else."""

from collections.abc import Mapping

from chaos.mutants import intake, lanes, rules, sending, threads
from chaos.mutants.breaking import Mutant

MUTANTS: Mapping[str, Mutant] = {
    it.name: it
    for family in (intake, sending, lanes, threads, rules)
    for it in vars(family).values()
    if isinstance(it, Mutant)
}
