"""Far ends, and a subject between them."""

from collections.abc import AsyncIterator

import pytest

from bench.far_ends import FarEnds, far_ends


@pytest.fixture
async def ends() -> AsyncIterator[FarEnds]:
    async with far_ends() as ends:
        yield ends
