/** How records are built. */
import type { Random } from "@ksmkit/common";
import type { PasswordComplexity } from "../password/complexity.ts";
import type { LabelStyle } from "../types/labels.ts";
import type { TypeRegistry } from "../types/registry.ts";

/** Options of everything that builds records. */
export interface BuildOptions {
  /** Where custom record types are looked up. Default: none but the standard ones. */
  readonly registry?: TypeRegistry | undefined;
  /** Which label of a slot is written. Default: `template`, the one that other clients look for. */
  readonly labelStyle?: LabelStyle | undefined;
  /** Whether `password` fields without a value get a generated one. Default: false. */
  readonly generatePasswords?: boolean | undefined;
  /** Rules for generated passwords. Default: those of the slot, else 64 characters of every kind. */
  readonly complexity?: PasswordComplexity | undefined;
  /** Whether a required slot without a value, or a custom label that stands twice, is an error. Default: false. */
  readonly strict?: boolean | undefined;
  /** Source of random bytes for passwords. Default: the platform's cryptographic generator. */
  readonly random?: Random | undefined;
}
