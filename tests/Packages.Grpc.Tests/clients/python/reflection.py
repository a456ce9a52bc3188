"""What a server says of itself: its services, made callable, with nothing known beforehand but the reflection protocol."""
from google.protobuf import descriptor_pb2, descriptor_pool

try:
    from google.protobuf.message_factory import GetMessageClass as _class_of
except ImportError:
    from google.protobuf.message_factory import MessageFactory

    def _class_of(descriptor):
        return MessageFactory(descriptor_pool.DescriptorPool()).GetPrototype(descriptor)

_FIELD = descriptor_pb2.FieldDescriptorProto


def _protocol():
    """Requests and answers of the reflection protocol, as far as they are needed here."""
    file = descriptor_pb2.FileDescriptorProto(name="reflection_subset.proto", package="subset", syntax="proto3")

    def message(name, /, **fields):
        added = file.message_type.add(name=name)
        for field, (number, kind, repeated) in fields.items():
            label = _FIELD.LABEL_REPEATED if repeated else _FIELD.LABEL_OPTIONAL
            if isinstance(kind, str):
                added.field.add(name=field, number=number, type=_FIELD.TYPE_MESSAGE, type_name=f".subset.{kind}", label=label)
            else:
                added.field.add(name=field, number=number, type=kind, label=label)

    message("Service", name=(1, _FIELD.TYPE_STRING, False))
    message("List", service=(1, "Service", True))
    message("Files", file=(1, _FIELD.TYPE_BYTES, True))
    message("Error", code=(1, _FIELD.TYPE_INT32, False), message=(2, _FIELD.TYPE_STRING, False))
    message("Response", files=(4, "Files", False), list=(6, "List", False), error=(7, "Error", False))
    message("Request", symbol=(4, _FIELD.TYPE_STRING, False), list=(7, _FIELD.TYPE_STRING, False))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return _class_of(pool.FindMessageTypeByName("subset.Request")), _class_of(pool.FindMessageTypeByName("subset.Response"))


_REQUEST, _RESPONSE = _protocol()


def _ask(channel, **request):
    call = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=_REQUEST.SerializeToString, response_deserializer=_RESPONSE.FromString)
    answer = next(call(iter([_REQUEST(**request)])))
    if answer.HasField("error"):
        raise LookupError(f"{answer.error.code}: {answer.error.message}")
    return answer


def services(channel):
    """Names of all services."""
    return [service.name for service in _ask(channel, list="*").list.service]


class Client:
    """Calls a service's methods by name. Messages are made with `message` and the field names of the .proto."""

    def __init__(self, channel, service):
        self._pool = descriptor_pool.DescriptorPool()
        files = {}
        for serialized in _ask(channel, symbol=service).files.file:
            file = descriptor_pb2.FileDescriptorProto.FromString(serialized)
            files[file.name] = file
        added = set()

        def add(name):
            if name in files and name not in added:
                added.add(name)
                for dependency in files[name].dependency:
                    add(dependency)
                self._pool.Add(files[name])

        for name in files:
            add(name)
        self._descriptor = self._pool.FindServiceByName(service)
        for method in self._descriptor.methods:
            proto = descriptor_pb2.MethodDescriptorProto()
            method.CopyToProto(proto)
            kind = ("stream" if proto.client_streaming else "unary") + "_" + ("stream" if proto.server_streaming else "unary")
            setattr(self, method.name, getattr(channel, kind)(
                f"/{service}/{method.name}",
                request_serializer=lambda message: message.SerializeToString(),
                response_deserializer=_class_of(method.output_type).FromString))

    def message(self, name, /, **fields):
        """A message of the service's files, by its full name."""
        return _class_of(self._pool.FindMessageTypeByName(name))(**fields)
