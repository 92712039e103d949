"""A few orders and the room that the others leave them, as a problem of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cordwainer.planning.pricing import Room
from cordwainer.planning.problem import Ints, Net


def rest_of(net: Net, orders: Ints, room: Room, out_room: Ints) -> Net:
    """Return the net of ``orders`` (none of them in the plan), numbered anew, whose limits are the room given, also outside."""
    job_ptr, jobs = those(net.job_ptr, orders)
    out_ptr, outs = those(net.out_ptr, orders)
    tool_ptr, tools = those(net.job_tool_ptr, jobs)
    regular = np.maximum(0, room.regular)
    return net._replace(
        regular=regular,
        most=np.maximum(regular, room.line),
        pairs=net.pairs[orders],
        price=net.price[orders],
        first=net.first[orders],
        last=net.last[orders],
        theta=net.theta[orders],
        smallest=net.smallest[orders],
        most_makers=net.most_makers[orders],
        late=net.late[orders],
        job_ptr=job_ptr,
        job_next=net.job_next[jobs],
        job_list=net.job_list[jobs],
        job_sj=net.job_sj[jobs],
        job_tool_ptr=tool_ptr,
        job_tool_row=net.job_tool_row[tools],
        job_tool_share=net.job_tool_share[tools],
        skill_limit=np.maximum(0, room.skill),
        tool_limit=np.maximum(0, room.tool),
        supply=np.ascontiguousarray(np.maximum(0, np.minimum.accumulate(room.material[:, ::-1], axis=1)[:, ::-1])),
        cap_amount=np.maximum(0, room.cap),
        out_ptr=out_ptr,
        out_maker=net.out_maker[outs],
        out_value=net.out_value[outs],
        out_first=net.out_first[outs],
        out_limit=np.maximum(0, out_room),
    )


def room_of(net: Net) -> Room:
    """Return all that a net offers as room."""
    return Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)


def those(ptr: npt.NDArray[Any], chosen: Ints) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return pointers of the chosen alone and the places of what they point to."""
    counts = ptr[chosen + 1] - ptr[chosen]
    own = np.concatenate([[0], np.cumsum(counts)]).astype(ptr.dtype)
    places = np.arange(own[-1]) + np.repeat(ptr[chosen] - own[:-1], counts)
    return own, places
