"""How functions that only compiled code calls are compiled: without the wrappers that Python would need.

The arrays of a problem are many; unpacking them from Python costs each function more compiling than its own body does.
"""

from __future__ import annotations

import numba as nb

inner = nb.njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""Decorator of functions that are never called from Python."""

inner_math = nb.njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy")  # type: ignore[call-overload]
"""The same; a division by zero gives infinity instead of an error."""

within = nb.njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)  # type: ignore[call-overload]
"""Decorator of small functions that are compiled into those that call them: handing over the arrays of a problem takes longer than they do."""
