/** Input types of the builders besides plain text (helper.md sections 8, 10 and 17). */

declare const uidBrand: unique symbol;

/** Uid of a record or file, checked by {@link uid}: 22 characters of the URL-safe base64 alphabet. */
export type RecordUid = string & { readonly [uidBrand]: true };

/**
 * A moment: a `Date`, milliseconds since the epoch, or text such as `2030-01-31`, `2030-01-31T09:00:00+02:00` or
 * `1893456000000`. Text without an offset is UTC.
 */
export type DateInput = Date | number | string;

/** One value or several. */
export type Many<T> = T | readonly T[];
