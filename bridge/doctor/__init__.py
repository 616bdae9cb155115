"""`bridge doctor`: looks at everything that must be right before customers write, and says how to mend the rest.

It changes nothing, sends nothing to anybody, and may run beside a bridge that is working.
"""

from bridge.doctor.examine import examine

__all__ = ["examine"]
