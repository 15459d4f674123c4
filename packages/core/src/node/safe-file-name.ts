/** File names written by others, made fit for any file system (ksm-protocol section 18.5). */

/** Names that Windows keeps for devices, with any extension. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:[. ]|$)/i;
/** Longest name in bytes that common file systems take. */
const maxBytes = 255;

/**
 * Makes one file name of text that may hold anything: path separators, `..`, control characters, marks that
 * reorder text, names of devices, too much of it. The result is a plain name on Linux, macOS and Windows; two
 * different texts may lead to the same name.
 *
 * @param fallback used when nothing is left, made safe as well. Default: `file`
 * @example
 * ```ts
 * safeFileName("../../etc/passwd"); // ".._.._etc_passwd"
 * safeFileName("CON.txt"); // "_CON.txt"
 * ```
 */
export function safeFileName(name: string, fallback = "file"): string {
  // The fallback may be as foreign as the name: a uid is whatever the service says.
  return plainName(name) ?? plainName(fallback) ?? "file";
}

function plainName(name: string): string | undefined {
  const plain = name
    // Separators and what Windows forbids; controls; broken characters; marks that make an extension look like another.
    .replace(/[/\\<>:"|?*\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, "_")
    // Windows drops these silently, so "x." and "x" would be the same file.
    .replace(/[. ]+$/, "")
    .trim();
  if (plain === "") return undefined;
  return shortened(device.test(plain) ? `_${plain}` : plain);
}

/** Cuts from the middle, so that the extension stays. */
function shortened(name: string): string {
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 32 ? name.slice(dot) : "";
  const characters = Array.from(extension === "" ? name : name.slice(0, dot));
  while (Buffer.byteLength(characters.join("") + extension) > maxBytes)
    characters.length -= Math.ceil(characters.length / 64);
  return characters.join("") + extension;
}
