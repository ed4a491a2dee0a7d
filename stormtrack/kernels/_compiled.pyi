from collections.abc import Callable
from typing import Any

class Kernel:
    __name__: str
    __wrapped__: Callable[..., Any]
    def __call__(self, *arguments: Any) -> Any: ...

def bind(name: str, source: Callable[..., Any], version: str | None = None, /) -> Kernel: ...
def sources() -> dict[str, str]: ...
