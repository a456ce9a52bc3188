"""python echo.py ADDRESS CANCEL-KEY : drives the echo service with grpcio, known only by reflection."""
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

import checks
import reflection

address, cancel_key = sys.argv[1:]
NAME = "decisioning.test.v1.Echo"
LARGE = [("grpc.max_receive_message_length", 64 << 20)]
channel = grpc.insecure_channel(address, options=LARGE)
echo = reflection.Client(channel, NAME)
PATIENCE = 20


def request(**fields):
    return echo.message("decisioning.test.v1.EchoRequest", **fields)


def say(*args, **kwargs):
    kwargs.setdefault("timeout", PATIENCE)
    return echo.Say(*args, **kwargs)


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call did not fail")


def unary():
    reply = say(request(text="grüße ☂", payload=b"\x00\xff", at={"seconds": 1780000000, "nanos": 5}))
    assert reply.text == "grüße ☂" and reply.payload == b"\x00\xff", reply
    assert (reply.at.seconds, reply.at.nanos) == (1780000000, 5), reply


def many_at_once():
    texts = [str(i) for i in range(300)]
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(lambda text: say(request(text=text)).text, texts)) == texts


def client_stream():
    reply = echo.Collect((request(text=text) for text in "abc"), timeout=PATIENCE)
    assert reply.text == "a,b,c", reply


def server_stream():
    replies = [reply.text for reply in echo.Repeat(request(text="n", times=500), timeout=PATIENCE)]
    assert replies == [f"n {i}" for i in range(500)]


def bidirectional_stream():
    replies = echo.Chat((request(text=str(i)) for i in range(200)), timeout=PATIENCE)
    assert [reply.text for reply in replies] == [str(i) for i in range(200)]


def half_close_without_messages():
    assert list(echo.Chat(iter([]), timeout=PATIENCE)) == []


def status_with_details():
    error = failure(lambda: say(request(behaviour=1, code=3, text="wöng % ☂")))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT and error.details() == "wöng % ☂", error
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    assert b"type.googleapis.com/google.rpc.BadRequest" in details, details


def failure_after_messages():
    call = echo.Repeat(request(text="n", times=2, behaviour=1, code=10), timeout=PATIENCE)
    assert [next(call).text, next(call).text] == ["n 0", "n 1"]
    assert failure(lambda: next(call)).code() == grpc.StatusCode.ABORTED


def metadata():
    _, call = echo.Say.with_call(request(), metadata=[("x-text", "value"), ("x-data-bin", b"\x00\x01\xff")], timeout=PATIENCE)
    for prefix, entries in (("x", dict(call.initial_metadata())), ("t", dict(call.trailing_metadata()))):
        assert entries[f"{prefix}-text"] == "value", entries
        assert entries[f"{prefix}-data-bin"] == b"\x00\x01\xff", entries


def deadline():
    error = failure(lambda: say(request(behaviour=3, text=cancel_key + "-deadline"), timeout=0.2))
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error


def cancel():
    call = echo.Repeat(request(text=cancel_key, times=1, behaviour=3), timeout=PATIENCE)
    next(call)
    call.cancel()
    assert failure(lambda: next(call)).code() == grpc.StatusCode.CANCELLED


def gzip_both_ways():
    payload = b"\x07" * 200_000
    assert say(request(payload=payload), compression=grpc.Compression.Gzip).payload == payload


def large_message():
    assert len(say(request(payload=b"\x03" * 3_000_000)).payload) == 3_000_000


def message_over_the_limit():
    error = failure(lambda: say(request(payload=b"\x00" * 5_000_000)))
    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, error


def unknown_method():
    nothing = channel.unary_unary(f"/{NAME}/Nothing")
    assert failure(lambda: nothing(b"", timeout=PATIENCE)).code() == grpc.StatusCode.UNIMPLEMENTED


def by_reflection():
    assert NAME in reflection.services(channel)
    try:
        reflection.Client(channel, "no.Such")
    except LookupError:
        return
    raise AssertionError("a service that is not there was found")


def health_by_reflection():
    health = reflection.Client(channel, "grpc.health.v1.Health")
    ask = health.message("grpc.health.v1.HealthCheckRequest")
    assert health.Check(ask, timeout=PATIENCE).status == 1
    watch = health.Watch(ask, timeout=PATIENCE)
    assert next(watch).status == 1
    watch.cancel()


checks.run({check.__name__.replace("_", " "): check for check in (
    unary, many_at_once, client_stream, server_stream, bidirectional_stream, half_close_without_messages, status_with_details,
    failure_after_messages, metadata, deadline, cancel, gzip_both_ways, large_message, message_over_the_limit, unknown_method,
    by_reflection, health_by_reflection)})
