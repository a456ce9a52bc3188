// What a server says of itself: its services, made callable, with nothing known beforehand but the reflection protocol.
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const protocol = {
  nested: { grpc: { nested: { reflection: { nested: { v1: { nested: {
    ServerReflection: { methods: { ServerReflectionInfo: {
      requestType: 'Request', requestStream: true, responseType: 'Response', responseStream: true } } },
    Request: { oneofs: { ask: { oneof: ['fileContainingSymbol', 'listServices'] } }, fields: {
      fileContainingSymbol: { type: 'string', id: 4 }, listServices: { type: 'string', id: 7 } } },
    Response: { fields: {
      files: { type: 'Files', id: 4 }, list: { type: 'List', id: 6 }, error: { type: 'Error', id: 7 } } },
    Files: { fields: { file: { rule: 'repeated', type: 'bytes', id: 1 } } },
    List: { fields: { service: { rule: 'repeated', type: 'Service', id: 1 } } },
    Service: { fields: { name: { type: 'string', id: 1 } } },
    Error: { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } },
  } } } } } } } };

const ReflectionClient = grpc.loadPackageDefinition(protoLoader.fromJSON(protocol, {})).grpc.reflection.v1.ServerReflection;

function ask(address, request) {
  return new Promise((resolve, reject) => {
    const client = new ReflectionClient(address, grpc.credentials.createInsecure());
    const call = client.ServerReflectionInfo();
    let answer;
    call.on('data', response => { answer = response; call.end(); });
    call.on('error', reject);
    call.on('end', () => {
      client.close();
      if (answer?.error) reject(new Error(`${answer.error.code}: ${answer.error.message}`));
      else resolve(answer);
    });
    call.write(request);
  });
}

/** Names of all services. */
export async function listServices(address) {
  return (await ask(address, { listServices: '*' })).list.service.map(service => service.name);
}

/** Serialized file descriptors of the service and all that it imports. */
export async function filesOf(address, service) {
  return (await ask(address, { fileContainingSymbol: service })).files.file;
}

/** A client constructor for the service. Messages are plain objects with the field names of the .proto. */
export async function clientOf(address, service) {
  // A FileDescriptorSet is its files, each as field 1.
  const parts = [];
  for (const file of await filesOf(address, service)) {
    parts.push(Buffer.from([0x0a]), varint(file.length), file);
  }
  const definition = protoLoader.loadFileDescriptorSetFromBuffer(Buffer.concat(parts), {
    keepCase: true, longs: String, enums: String, defaults: true, oneofs: true });
  return service.split('.').reduce((at, name) => at[name], grpc.loadPackageDefinition(definition));
}

function varint(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return Buffer.from(bytes);
}
