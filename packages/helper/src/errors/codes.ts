/** Every code that this package throws, one line each: when it happens (helper.md section 13). */
export type HelperErrorCode =
  /** A field argument starts with a section other than `f.` and `c.`. */
  | "ERR_HELPER_BAD_FIELD_SECTION"
  /** A field argument does not follow the grammar. */
  | "ERR_HELPER_BAD_FIELD_SYNTAX"
  /** The label of a field argument has no closing bracket. */
  | "ERR_HELPER_UNTERMINATED_LABEL"
  /** A key of an object value is given twice. */
  | "ERR_HELPER_DUPLICATE_VALUE_KEY"
  /** A field argument names a key of a type that has none. */
  | "ERR_HELPER_NO_VALUE_KEYS"
  /** An object value has a key that its type does not have. */
  | "ERR_HELPER_UNKNOWN_VALUE_KEY"
  /** No such field type. */
  | "ERR_HELPER_UNKNOWN_FIELD_TYPE"
  /** The finished record has a field whose type cannot be stored. */
  | "ERR_HELPER_FIELD_TYPE_NOT_STORABLE"
  /** The title is not text. */
  | "ERR_HELPER_TITLE_NOT_STRING"
  /** The notes are not text. */
  | "ERR_HELPER_NOTES_NOT_STRING"
  /** An object type was given something else. */
  | "ERR_HELPER_VALUE_NOT_OBJECT"
  /** Text for an object value starts like JSON and is not. */
  | "ERR_HELPER_INVALID_JSON"
  /** The value is not in the enumeration. */
  | "ERR_HELPER_INVALID_ENUM"
  /** A uid, one-time code or card expiry has the wrong form. */
  | "ERR_HELPER_INVALID_FORMAT"
  /** No date, or one that does not exist. */
  | "ERR_HELPER_INVALID_DATE"
  /** Four or eight digits: a year or a day, or milliseconds. */
  | "ERR_HELPER_AMBIGUOUS_DATE"
  /** Neither true nor false. */
  | "ERR_HELPER_INVALID_BOOLEAN"
  /** The value cannot be stored in a field of this type. */
  | "ERR_HELPER_INVALID_VALUE"
  /** The record type has no free field for the value. */
  | "ERR_HELPER_NO_STANDARD_SLOT"
  /** A standard field was already set as a whole. */
  | "ERR_HELPER_STANDARD_ALREADY_SET"
  /** A custom field with this type and label is already there. */
  | "ERR_HELPER_FIELD_NOT_UNIQUE"
  /** No record type is named. */
  | "ERR_HELPER_RECORD_TYPE_MISSING"
  /** No such record type, or one that is only read. */
  | "ERR_HELPER_RECORD_TYPE_UNKNOWN"
  /** No title. */
  | "ERR_HELPER_TITLE_MISSING"
  /** A required field has no value (strict mode and `validate` only). */
  | "ERR_HELPER_REQUIRED_MISSING"
  /** A value is still the placeholder of a template (strict mode and `validate` only). */
  | "ERR_HELPER_PLACEHOLDER_LEFT"
  /** `kind` of a file is not the one that is read. */
  | "ERR_HELPER_KIND_INVALID"
  /** A file has no `version`. */
  | "ERR_HELPER_VERSION_MISSING"
  /** `version` of a file is not `v3`. */
  | "ERR_HELPER_VERSION_UNSUPPORTED"
  /** A file has no `data`. */
  | "ERR_HELPER_DATA_MISSING"
  /** `data` of a file is not an array. */
  | "ERR_HELPER_DATA_NOT_ARRAY"
  /** An entry of a file has no `fields`. */
  | "ERR_HELPER_FIELDS_MISSING"
  /** `fields` of an entry is not an array. */
  | "ERR_HELPER_FIELDS_NOT_ARRAY"
  /** `customFields` of an entry is not an array. */
  | "ERR_HELPER_CUSTOM_FIELDS_NOT_ARRAY"
  /** The file does not exist or cannot be read. */
  | "ERR_HELPER_FILE_NOT_FOUND"
  /** The file is larger than the limit. */
  | "ERR_HELPER_FILE_TOO_LARGE"
  /** An object has a key that nothing reads, such as a misspelt one. */
  | "ERR_HELPER_UNKNOWN_KEY"
  /** The file is not UTF-8. */
  | "ERR_HELPER_FILE_NOT_TEXT"
  /** The top level of the file is not an object. */
  | "ERR_HELPER_FILE_NOT_OBJECT"
  /** An entry of `data` is not an object. */
  | "ERR_HELPER_ITEM_NOT_OBJECT"
  /** An entry of a list of fields is not an object. */
  | "ERR_HELPER_FIELD_NOT_OBJECT"
  /** The text is not JSON. */
  | "ERR_HELPER_JSON_SYNTAX"
  /** The text is not one YAML document, or expands too far. */
  | "ERR_HELPER_YAML_SYNTAX"
  /** A record type of this name is already there. */
  | "ERR_HELPER_RECORD_TYPE_DUPLICATE"
  /** The file holds neither form of record types. */
  | "ERR_HELPER_RECORD_TYPE_FILE_UNRECOGNISED"
  /** An entry of a Commander export has no `recordTypeId`. */
  | "ERR_HELPER_COMMANDER_RECORD_TYPE_ID_MISSING"
  /** An entry of a Commander export has no `content`. */
  | "ERR_HELPER_COMMANDER_CONTENT_MISSING"
  /** A password complexity is malformed or out of range. */
  | "ERR_HELPER_COMPLEXITY_INVALID"
  /** No password meets the complexity. */
  | "ERR_HELPER_COMPLEXITY_UNSATISFIABLE"
  /** `enforceGeneration` is not a boolean. */
  | "ERR_HELPER_ENFORCE_GENERATION_NOT_BOOLEAN"
  /** A foreign schema refused the value. */
  | "ERR_HELPER_SCHEMA_MISMATCH"
  /** An argument of a function has the wrong type. */
  | "ERR_HELPER_ARGUMENT_INVALID";
