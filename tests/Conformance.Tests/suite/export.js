// Writes every test of the suite to a file as JSON: its section, group, whether it needs protobuf messages, and the test itself.
import { writeFileSync } from "node:fs";
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";

// A timestamp and a duration are types of the language; all other names of messages and enums are not.
const messages = /TestAllTypes|google\.protobuf(?!\.(Timestamp|Duration)\b)|cel\.expr\.conformance|proto2|proto3|NestedEnum|messageType/;

const written = [];
function walk(suite, path) {
  for (const test of suite.tests ?? []) {
    written.push({ path: path.join("/"), needsMessages: messages.test(JSON.stringify(test.original)), test: test.original });
  }
  for (const inner of suite.suites ?? []) {
    walk(inner, [...path, inner.name]);
  }
}

walk(tests, []);
writeFileSync(process.argv[2], JSON.stringify(written));
console.log(`ok ${written.length} tests`);
