#!/usr/bin/env python3
"""A contact centre's desk in a terminal: who is on the line, what to offer next and why, live while the customer does something elsewhere.

    agent.py --customer ada                                   # the engine of `dotnet run make.cs up`
    agent.py --customer ada --engine https://engine.example   # with a key of the scope `agent` in DECISIONING_KEY
    agent.py --customer ada --once                            # shows it once and ends
    echo "reject finish-order too expensive" | agent.py --customer ada

Needs Python 3.9 with grpcio and protobuf (Debian: python3-grpcio python3-protobuf). There is nothing to generate: the engine
describes its API itself, by gRPC reflection. Ends with 0; 1 when the engine refused something; 2 for a wrong command line;
3 when the engine cannot be reached; 130 after Ctrl-C.
"""
import argparse
import os
import queue
import sys
import threading
import time
import uuid
from types import SimpleNamespace

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

PATIENCE = 10  # seconds that a call may take
AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED)
OUTCOMES = {"accept": "OUTCOME_ACCEPTED", "reject": "OUTCOME_REJECTED", "later": "OUTCOME_DISMISSED"}
HELP = "accept N | reject N [reason] | later N [reason] | quit"


class Engine:
    """The engine's services with their methods, as it describes them itself; the fields of a request are named arguments."""

    def __init__(self, address, key):
        scheme, _, target = address.rpartition("://")
        options = [("grpc.keepalive_time_ms", 30_000), ("grpc.max_reconnect_backoff_ms", 2_000)]
        self._channel = (grpc.secure_channel(target, grpc.ssl_channel_credentials(), options) if scheme == "https"
                         else grpc.insecure_channel(target, options))
        self._metadata = [("authorization", f"Bearer {key}")] if key else []
        pool = self._describe("decisioning.v1.Customers")  # its file uses those of the other services
        for name in ("Customers", "Decisions", "Events"):
            service = pool.FindServiceByName(f"decisioning.v1.{name}")
            setattr(self, name, SimpleNamespace(**{method.name: self._callable(method) for method in service.methods}))

    def _describe(self, symbol):
        answer = descriptor_pb2.FileDescriptorProto(name="answer.proto", syntax="proto3")
        answer.message_type.add(name="Answer").field.add(name="files", number=4, type="TYPE_BYTES", label="LABEL_OPTIONAL")
        pool = descriptor_pool.DescriptorPool()
        pool.Add(answer)
        ask = self._channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            request_serializer=lambda name: bytes([4 << 3 | 2, len(name)]) + name.encode(),  # file_containing_symbol = 4
            response_deserializer=_class_of(pool.FindMessageTypeByName("Answer")).FromString)
        said = next(ask(iter([symbol]), timeout=PATIENCE, metadata=self._metadata))
        files = {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(said.files).file}

        def add(name):  # a file after those that it uses
            if file := files.pop(name, None):
                for used in file.dependency:
                    add(used)
                pool.Add(file)

        for name in list(files):
            add(name)
        return pool

    def _callable(self, method):
        request, response = _class_of(method.input_type), _class_of(method.output_type)
        shape = descriptor_pb2.MethodDescriptorProto()
        method.CopyToProto(shape)
        kind = ("stream" if shape.client_streaming else "unary") + "_" + ("stream" if shape.server_streaming else "unary")
        call = getattr(self._channel, kind)(
            f"/{method.containing_service.full_name}/{method.name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)
        return lambda timeout=PATIENCE, **fields: call(json_format.ParseDict(fields, request()), timeout=timeout, metadata=self._metadata)


def _class_of(descriptor):
    new = getattr(message_factory, "GetMessageClass", None)  # since protobuf 4.22
    return new(descriptor) if new else message_factory.MessageFactory(descriptor.file.pool).GetPrototype(descriptor)


class Desk:
    """What the agent sees of one customer. Everything here happens on the main thread."""

    def __init__(self, engine, customer, channel, placement):
        self._engine, self._id, self._channel, self._placement = engine, customer, channel, placement
        self.customer = self.decision = None
        self._numbers = {}  # an offer keeps its number for the whole talk: no re-rank slips another one under the agent's finger
        self._under_way = {}  # what may have been recorded or not, with its ids: said again, it is a repeat
        self.news, self.is_away, self.shown = [], False, ""

    def look(self):
        """Asks who it is and what to offer. A preview: what is not said to the customer counts against no cap."""
        self.customer = self._engine.Customers.Get(customer=self._id).customer
        self.decision = self._engine.Decisions.NextBestAction(
            customer=self._id, channel=self._channel, placements=[self._placement], max_items=3, dry_run=True).decision
        for item in self.decision.items:
            self._numbers.setdefault(item.action, len(self._numbers) + 1)
        self.is_away = False

    def note(self, *texts):
        self.news = (self.news + [clean(text) for text in texts])[-6:]

    def answer(self, line):
        """Records what the customer said to an offer. Returns the sentence for the agent, and whether it was recorded."""
        verb, _, rest = line.strip().partition(" ")
        which, _, reason = rest.strip().partition(" ")
        outcome = next((name for name in OUTCOMES if verb and name.startswith(verb.lower())), None)
        if outcome is None:
            return f"`{clean(line.strip())}` is not understood: {HELP}", False
        item = next((i for i in self.decision.items if which in (i.action, str(self._numbers[i.action]))), None)
        if item is None:
            return f"`{clean(which)}` is not offered (any more)", False

        said = (item.action, outcome, reason.strip())
        response_id, event_id, token = self._under_way.setdefault(said, (uuid.uuid4().hex, uuid.uuid4().hex, item.tracking_token))
        acks = list(attempt(lambda: self._engine.Decisions.CaptureResponse(customer=self._id, responses=[
            {"message_id": response_id, "tracking_token": token, "outcome": OUTCOMES[outcome]}])).acks)
        if reason.strip():
            acks += attempt(lambda: self._engine.Events.Track(events=[
                {**self._id, "message_id": event_id, "event": "Offer Discussed", "properties": dict(zip(("action", "outcome", "reason"), said))}])).acks
        del self._under_way[said]
        wrong = [f"{v.field} {v.description}; {v.cure}" for ack in acks for v in ack.violations]
        return ("not recorded: " + "; ".join(wrong), False) if wrong else (f"recorded: {item.action}, " + OUTCOMES[outcome].replace("OUTCOME_", "").lower(), True)

    def screen(self):
        """The customer's head line, the offers with reasons, what just happened."""
        known, decision = self.customer, self.decision
        name = known.profile["first_name"] if "first_name" in known.profile else ""
        scores = [f"{score.name} {score.points:.0f}" + (f" ({score.grade})" if score.grade else "") for score in known.scores]
        tags = [tag.name + (f" ({tag.level})" if tag.level else "") for tag in known.tags]
        (who,) = self._id.values()
        facts = [
            f"{name} ({who})" if name else who,
            f"{known.sequence} events" if known.sequence else "nothing known yet",
            *[f"in {stage.name}" for stage in known.stages], *known.segments, *tags, *scores]
        lines = [bold(clean("  ·  ".join(facts)))]
        lines += [clean(f"plan of {plan.stage}: {plan.objective}; “{plan.message}”") for plan in decision.plans]
        for item in decision.items:
            lines += ["", bold(clean(f"[{self._numbers[item.action]}] {item.action}")) + clean(f"   {item.issue} > {item.group}   priority {item.scores.priority:.3g}")]
            parts = sorted(item.content.items(), key=lambda part: (part[0] != "text", part[0]))
            lines += [clean(f"    {value}" if part == "text" else f"    {part}: {value}") for part, value in parts]
            lines += [clean("    because of: " + ", ".join(reason_text(reason, item.action) for reason in item.reasons))] if item.reasons else []
        if not decision.items:
            lines += ["", "nothing to offer"]
        held_back = [s for s in decision.suppressed if s.stage != 7][:3]  # what others merely outrank is not worth a word in a talk
        lines += [""] + [clean(f"not {s.action}: {s.reason}") for s in held_back]
        lines += self.news
        lines += ["the engine is away: this is as it was; trying again"] if self.is_away else []
        return "\n".join(lines)


def clean(text):
    """Content comes from elsewhere: what would move a terminal's cursor is not printed."""
    return "".join(c if c.isprintable() else " " for c in text)


def reason_text(path, action):
    """A reason is the path of a condition or rule in the strategy: of those of the action itself the last part says enough."""
    owner, _, name = path.rpartition(".")
    return f"rule {name}" if owner == "rules" else name if owner.endswith("." + action) else path


def bold(text):
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text


def attempt(call):
    """A call that is safe to repeat, repeated for a while."""
    for wait in (0.5, 1, 2, 4):
        try:
            return call()
        except grpc.RpcError as error:
            if error.code() not in AWAY:
                raise
            time.sleep(wait)
    return call()


def watch(engine, customer, channel, placement, inbox):
    """Tells the desk that something changed, for as long as the program runs; an engine that is away is asked again."""
    wait = 0.5
    while True:
        try:
            for response in engine.Customers.Watch(customer=customer, channel=channel, placements=[placement], max_items=3, timeout=None):
                wait = 0.5
                inbox.put(("changed", response))
            inbox.put(("away", None))
        except grpc.RpcError as error:
            if error.code() not in (*AWAY, grpc.StatusCode.CANCELLED):
                inbox.put(("refused", error))
                return
            inbox.put(("away", error))
        time.sleep(wait)
        wait = min(wait * 2, 5)


def listen(inbox):
    """Hands on what the agent types, a line at a time."""
    try:
        while True:
            inbox.put(("said", input()))
    except EOFError:
        inbox.put(("left", None))


def talk(engine, customer, channel, placement):
    inbox, desk, exit_code = queue.Queue(maxsize=256), Desk(engine, customer, channel, placement), 0
    desk.look()  # shown once the watch says its first word: from then on nothing is missed
    threading.Thread(target=watch, args=(engine, customer, channel, placement, inbox), daemon=True).start()
    threading.Thread(target=listen, args=(inbox,), daemon=True).start()
    while True:
        kind, what = inbox.get()
        try:
            if kind == "changed":
                desk.look()
                desk.note(*(f"{time.strftime('%H:%M:%S')} {change_text(change)}" for change in what.changes))
            elif kind == "said" and what.strip() in ("q", "quit"):
                return exit_code
            elif kind == "said":
                desk.shown = ""  # the terminal has moved on
                if what.strip():
                    sentence, recorded = desk.answer(what)
                    exit_code = exit_code if recorded else 1
                    desk.note(sentence)
                    desk.look()
            elif kind == "left":
                return exit_code
            elif kind == "refused":
                raise what
            else:
                desk.is_away = True
        except grpc.RpcError as error:
            if error.code() not in AWAY:
                raise
            desk.is_away = True
            if kind == "said":
                exit_code = 1
                desk.note(f"not known to be recorded: {what.strip()}; say it again when the engine is back")
        show(desk)


def change_text(change):
    kind = type(change).DESCRIPTOR.fields_by_name["kind"].enum_type.values_by_number[change.kind].name
    return f"{kind.replace('CHANGE_KIND_', '').replace('_', ' ').lower()}: {change.name}" + (f" ({change.detail})" if change.detail else "")


def show(desk):
    """On a terminal the screen is drawn anew, with what is being typed; in a pipe a new screen follows the one before."""
    screen = desk.screen()
    if screen == desk.shown:
        return
    desk.shown = screen
    if sys.stdout.isatty():
        typed = readline.get_line_buffer() if readline else ""
        print(f"\033[2J\033[H{screen}\n\n{HELP}\n> {typed}", end="", flush=True)
    else:
        print(f"{screen}\n--", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--customer", required=True, help="a user's id, or anonymous:ID for a visitor")
    arguments.add_argument("--engine", default="127.0.0.1:5001", help="where it listens for gRPC: HOST:PORT, or https://HOST:PORT (default: %(default)s)")
    arguments.add_argument("--key", default=os.environ.get("DECISIONING_KEY"), help="a key of the scope `agent` (default: DECISIONING_KEY)")
    arguments.add_argument("--channel", default="agent", help="default: %(default)s")
    arguments.add_argument("--placement", default="next-offer", help="default: %(default)s")
    arguments.add_argument("--once", action="store_true", help="show it once and end")
    given = arguments.parse_args()
    kind, _, visitor = given.customer.partition(":")
    customer = {"anonymous_id": visitor} if kind == "anonymous" and visitor else {"user_id": given.customer}
    terminal = termios.tcgetattr(sys.stdin) if termios and sys.stdin.isatty() else None
    try:
        engine = Engine(given.engine, given.key and given.key.strip())
        if given.once:
            desk = Desk(engine, customer, given.channel, given.placement)
            desk.look()
            print(desk.screen())
            return 0
        return talk(engine, customer, given.channel, given.placement)
    except grpc.RpcError as error:
        print(sentence_of(error, given.engine), file=sys.stderr)
        return 3 if error.code() in AWAY else 1
    except KeyboardInterrupt:
        return 130
    finally:
        if terminal:  # the thread that waits for a line leaves it as it needs it
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, terminal)


def sentence_of(error, address):
    if error.code() in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
        return f"the engine does not let you in: {error.details()}\ngive a key of the scope `agent` with --key, or in DECISIONING_KEY"
    if error.code() in AWAY:
        return f"the engine at {address} cannot be reached: {error.details()}\nstart it with `dotnet run make.cs up`, or name it with --engine"
    return f"the engine refused ({error.code().name}): {error.details()}"


try:
    import readline
    import termios
except ImportError:  # not on every system; then what is being typed is not drawn again
    readline = termios = None

if __name__ == "__main__":
    sys.exit(main())
