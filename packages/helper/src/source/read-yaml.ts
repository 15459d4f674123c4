/**
 * YAML as record files use it (helper.md section 7): every scalar is text, except that an unquoted empty scalar, `~` or
 * `null` is no value. One document, no key twice, aliases within bounds.
 */
import type * as Yaml from "yaml";
import { setMember } from "../values/copy-json.ts";
import { positionAt, SourceMap, type SourceDocument } from "./source-map.ts";

/** How many values a text may hold once its aliases are followed; hand-written files have some hundreds. */
const maxValues = 100_000;
/** How many characters, once aliases are followed: each alias of a long text is read again. */
const maxCharacters = 8 * 1024 * 1024;
const maxDepth = 200;

/** Reads one YAML document. The YAML library is loaded at the first call. */
export async function readYaml(text: string): Promise<SourceDocument> {
  const yaml = await import("yaml");
  const fault = (message: string, offset: number): SourceDocument => ({
    fault: { message, position: positionAt(text, offset) },
  });
  let document: Yaml.Document.Parsed;
  try {
    document = yaml.parseDocument(text, {
      schema: "failsafe",
      customTags: ["null"],
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: "error",
      keepSourceTokens: false,
    });
  } catch {
    // The library answers bad text with a list of errors, except for nesting that exhausts its stack.
    return fault("the text is nested too deeply", 0);
  }
  const [error] = document.errors;
  // The library's own messages may quote the text.
  if (error) return fault(faultTexts[error.code] ?? "this is not valid YAML", error.pos[0]);
  const reader = new YamlReader(yaml, new SourceMap(text));
  const value = document.contents === null ? null : reader.read(document.contents);
  if (reader.fault) return fault(reader.fault.message, reader.fault.offset);
  reader.map.root = value;
  return { value, map: reader.map };
}

const faultTexts: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key is repeated in the mapping",
  MULTIPLE_DOCS: "only one document is read",
  TAB_AS_INDENT: "tabs may not indent",
  BAD_INDENT: "the indentation does not fit",
  MISSING_CHAR: "a character is missing here, such as a closing quote or bracket",
  BLOCK_AS_IMPLICIT_KEY: "a key must stand on one line",
};

/** A value, and how many values and characters it holds with everything in it. */
interface Sized {
  readonly value: unknown;
  readonly size: number;
  readonly characters: number;
}

/** Turns the library's nodes into values. Aliases share the value of their anchor, so that nothing is expanded. */
class YamlReader {
  readonly map: SourceMap;
  fault: { message: string; offset: number } | undefined;
  readonly #yaml: typeof Yaml;
  readonly #anchors = new Map<string, Sized | "unfinished">();

  constructor(yaml: typeof Yaml, map: SourceMap) {
    this.#yaml = yaml;
    this.map = map;
  }

  read(node: Yaml.Node): unknown {
    return this.#node(node, 0).value;
  }

  #node(node: unknown, depth: number): Sized {
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (depth > maxDepth) return this.#fail(`at most ${maxDepth} levels are read`, node);
    if (isAlias(node)) {
      const anchored = this.#anchors.get(node.source);
      if (anchored === "unfinished") return this.#fail("this alias stands inside its own anchor", node);
      return anchored ?? this.#fail("this alias has no anchor before it", node);
    }
    if (isMap(node) || isSeq(node)) {
      const { anchor } = node;
      if (anchor !== undefined) this.#anchors.set(anchor, "unfinished");
      const sized = isMap(node) ? this.#mapping(node.items, depth) : this.#sequence(node.items, depth);
      if (anchor !== undefined) this.#anchors.set(anchor, sized);
      if (sized.size > maxValues) return this.#fail("the aliases expand to too many values", node);
      return sized.characters <= maxCharacters
        ? sized
        : this.#fail("the aliases expand to too much text", node);
    }
    const scalar = isScalar(node) ? node : undefined;
    const value: unknown = scalar?.value ?? null;
    if (value !== null && typeof value !== "string") return this.#fail("tags are not read", node);
    const sized = { value, size: 1, characters: value?.length ?? 0 };
    if (scalar?.anchor !== undefined) this.#anchors.set(scalar.anchor, sized);
    return sized;
  }

  #mapping(items: readonly { key: unknown; value: unknown }[], depth: number): Sized {
    const value: Record<string, unknown> = {};
    let size = 1;
    let characters = 0;
    for (const item of items) {
      const key = this.#node(item.key, depth + 1).value;
      if (typeof key !== "string") return this.#fail("keys must be text", item.key);
      this.map.note(value, key, offsetOf(item.value) ?? offsetOf(item.key) ?? 0);
      const member = this.#node(item.value, depth + 1);
      setMember(value, key, member.value);
      size += member.size;
      characters += member.characters;
    }
    return { value, size, characters };
  }

  #sequence(items: readonly unknown[], depth: number): Sized {
    const value: unknown[] = [];
    let size = 1;
    let characters = 0;
    for (const item of items) {
      this.map.note(value, value.length, offsetOf(item) ?? 0);
      const member = this.#node(item, depth + 1);
      value.push(member.value);
      size += member.size;
      characters += member.characters;
    }
    return { value, size, characters };
  }

  #fail(message: string, node: unknown): Sized {
    this.fault ??= { message, offset: offsetOf(node) ?? 0 };
    return { value: null, size: 1, characters: 0 };
  }
}

function offsetOf(node: unknown): number | undefined {
  const range: unknown =
    typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === "number" ? start : undefined;
}
