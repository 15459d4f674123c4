/** Every exported type is the official one, as far as the compiler can tell; this file is compiled, never run. */
import type * as official from "@keeper-security/secrets-manager-core";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";
import type * as ours from "../src/index.ts";

// What a CommonJS package has besides its exports, seen from a module.
type Official = Omit<typeof official, "default">;
type Ours = typeof ours;

/** Each may stand where the other is asked for. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Different = {
  [Name in keyof Official]: Same<Official[Name], Ours[Name & keyof Ours]> extends true ? never : Name;
}[keyof Official];

// A class with private members is only ever itself: its objects, and what returns them, cannot be mixed.
expectType<Equal<Different, "KeeperRecordLink" | "getLinks">>();
expectType<Equal<Exclude<keyof Official, keyof Ours>, never>>();
expectType<Equal<Exclude<keyof Ours, keyof Official>, never>>();
expectType<Equal<keyof official.KeeperRecordLink, keyof ours.KeeperRecordLink>>();
expectType<
  Same<
    Pick<official.KeeperRecordLink, keyof official.KeeperRecordLink>,
    Pick<ours.KeeperRecordLink, keyof ours.KeeperRecordLink>
  >
>();
expectType<
  Equal<ConstructorParameters<Ours["KeeperRecordLink"]>, ConstructorParameters<Official["KeeperRecordLink"]>>
>();

expectType<Same<official.Address, ours.Address>>();
expectType<Same<official.AllowedSettings, ours.AllowedSettings>>();
expectType<Same<official.AppFiller, ours.AppFiller>>();
expectType<Same<official.BankAccount, ours.BankAccount>>();
expectType<Same<official.CreateOptions, ours.CreateOptions>>();
expectType<Same<official.EncryptedPayload, ours.EncryptedPayload>>();
expectType<Same<official.Host, ours.Host>>();
expectType<Same<official.KeeperFile, ours.KeeperFile>>();
expectType<Same<official.KeeperFileUpload, ours.KeeperFileUpload>>();
expectType<Same<official.KeeperFolder, ours.KeeperFolder>>();
expectType<Same<official.KeeperHttpResponse, ours.KeeperHttpResponse>>();
expectType<Same<official.KeeperRecord, ours.KeeperRecord>>();
expectType<Same<official.KeeperSecrets, ours.KeeperSecrets>>();
expectType<Same<official.KeyPair, ours.KeyPair>>();
expectType<Same<official.KeyValueStorage, ours.KeyValueStorage>>();
expectType<Same<official.Name, ours.Name>>();
expectType<Same<official.PamRbiConnection, ours.PamRbiConnection>>();
expectType<Same<official.PamRemoteBrowserSetting, ours.PamRemoteBrowserSetting>>();
expectType<Same<official.PamResource, ours.PamResource>>();
expectType<Same<official.PamSetting, ours.PamSetting>>();
expectType<Same<official.PamSettingsConnection, ours.PamSettingsConnection>>();
expectType<Same<official.PamSettingsPortForward, ours.PamSettingsPortForward>>();
expectType<Same<official.Passkey, ours.Passkey>>();
expectType<Same<official.PasswordComplexity, ours.PasswordComplexity>>();
expectType<Same<official.PaymentCard, ours.PaymentCard>>();
expectType<Same<official.Phone, ours.Phone>>();
expectType<Same<official.Platform, ours.Platform>>();
expectType<Same<official.PrivateKey, ours.PrivateKey>>();
expectType<Same<official.QueryOptions, ours.QueryOptions>>();
expectType<Same<official.Schedule, ours.Schedule>>();
expectType<Same<official.Script, ours.Script>>();
expectType<Same<official.SecretManagerOptions, ours.SecretManagerOptions>>();
expectType<Same<official.SecurityQuestion, ours.SecurityQuestion>>();
expectType<Same<official.TransmissionKey, ours.TransmissionKey>>();
expectType<Same<official.UpdateOptions, ours.UpdateOptions>>();

// The one addition, and nothing that the official type asks for is missing.
expectType<
  Equal<Exclude<keyof ours.SecretManagerOptions, keyof official.SecretManagerOptions>, "onProblem">
>();
