"""Each open page of the web chat is a socket, which counts as an open file: have as many as the system allows."""

import resource

import structlog

log = structlog.get_logger()
WANTED = 65_536
FEW = 12_000  # ten thousand pages, the database, the platforms


def allow_many(wanted: int = WANTED, few: int = FEW) -> int:
    """Raise the soft limit as far as the hard one lets us, and say what to do where that is not far."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    if soft != resource.RLIM_INFINITY and soft < few:
        mend = (
            "Each open page of the web chat takes one. Allow more: LimitNOFILE=65536 in the unit, or ulimit -n 65536."
        )
        log.warning("few_open_files", allowed=soft, mend=mend)
    return soft
