/** Keeper Notation as its sections, with their places in the text (ksm-protocol section 17.1). */
import { parseNotation as parseParts } from "@ksmkit/core/notation";
import { NotationScanner } from "@ksmkit/core/internal";
import { withPlainErrors } from "./plain-errors.ts";

/** Text without escapes, and as it was written with its delimiters. */
type Texts = [string, string];

/** One of the four sections of a notation: `prefix`, `record`, `selector`, `footer`. */
class NotationSection {
  section: string;
  isPresent: boolean = false;
  /** Zero-based place of the first character. */
  startPos: number = -1;
  /** Zero-based place of the last character; -1 when there is none. */
  endPos: number = -1;
  text: Texts | null = null;
  parameter: Texts | null = null;
  index1: Texts | null = null;
  index2: Texts | null = null;

  constructor(sectionName: string) {
    this.section = sectionName;
  }
}

/**
 * Takes a notation, or base64 of it, apart.
 *
 * @param legacyMode reads `[name]` as the name of a property of the first value
 * @throws `Error` that says what is wrong with it
 */
export function parseNotation(notation: string, legacyMode: boolean = false): NotationSection[] {
  return withPlainErrors(() => {
    // Everything that can be wrong is found here.
    parseParts(notation, { legacy: legacyMode });
    const sections = cut(new NotationScanner(notation));
    const selector = sections[2];
    if (legacyMode && selector?.index1 && !selector.index2 && !/^\d*$/.test(selector.index1[0])) {
      selector.index2 = selector.index1;
      selector.index1 = ["", "[]"];
    }
    return sections;
  });
}

function cut(scanner: NotationScanner): NotationSection[] {
  const prefix = new NotationSection("prefix");
  prefix.startPos = 0;
  if (scanner.position > 0) {
    prefix.isPresent = true;
    prefix.endPos = scanner.position - 1;
    const text = scanner.written(0, scanner.position);
    prefix.text = [text, text];
  }

  const record = new NotationSection("record");
  record.isPresent = true;
  record.startPos = scanner.position;
  const recordText = scanner.readText("/");
  scanner.skip();
  record.endPos = scanner.position - 1;
  record.text = [recordText, scanner.written(record.startPos, scanner.position)];

  const selector = new NotationSection("selector");
  selector.isPresent = true;
  selector.startPos = scanner.position;
  const selectorText = scanner.readSelector();
  if (!scanner.atEnd) scanner.skip();
  selector.text = [selectorText, scanner.written(selector.startPos, scanner.position)];
  if (!scanner.atEnd) {
    const from = scanner.position;
    const parameter = scanner.readText("[");
    // The bracket that ends it belongs to both.
    selector.parameter = [parameter, scanner.written(from, scanner.position + 1)];
    selector.index1 = readIndex(scanner);
    selector.index2 = readIndex(scanner);
  }
  selector.endPos = scanner.position - 1;

  const footer = new NotationSection("footer");
  footer.startPos = scanner.position;
  return [prefix, record, selector, footer];
}

function readIndex(scanner: NotationScanner): Texts | null {
  const from = scanner.position;
  const index = scanner.readIndex();
  return index === undefined ? null : [index, scanner.written(from, scanner.position)];
}
