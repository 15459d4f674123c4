/** One record as a list item: a value is hidden until its button is clicked. */
import type { KsmRecord, RecordField } from "@ksmkit/core";
import { totp } from "@ksmkit/core/generators";

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = "",
  className = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

async function textOf({ type, value }: RecordField): Promise<string> {
  const values = Array.isArray(value) ? value : [value];
  if (type === "oneTimeCode") {
    const { code, timeLeft } = await totp(String(values[0]));
    return `${code} (for ${timeLeft} s)`;
  }
  return values.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(", ");
}

function nameOf({ label, type }: RecordField): string {
  return String(label || type);
}

function valueElement(field: RecordField): HTMLElement {
  const place = make("dd");
  const show = make("button", "Show", "quiet");
  show.type = "button";
  show.setAttribute("aria-label", `Show ${nameOf(field)}`);
  show.addEventListener("click", () => {
    textOf(field).then(
      (text) => place.replaceChildren(text),
      () => place.replaceChildren("cannot be shown"),
    );
  });
  place.append(show);
  return place;
}

/** True for what is worth a line; uids of files are not. */
function isShown({ type, value }: RecordField): boolean {
  return type !== "fileRef" && (Array.isArray(value) ? value.length > 0 : value !== undefined);
}

/** Makes the list item of a record. */
export function recordElement(record: KsmRecord): HTMLLIElement {
  const item = make("li");
  const files = record.files.length === 0 ? "" : ` · ${record.files.length} file`;
  item.append(
    make("h3", record.title ?? record.uid),
    make("p", `${record.type ?? "record"}${files}`, "kind"),
  );
  const list = make("dl");
  for (const field of [...record.fields, ...record.custom].filter(isShown)) {
    list.append(make("dt", nameOf(field)), valueElement(field));
  }
  if (list.childElementCount > 0) item.append(list);
  return item;
}
