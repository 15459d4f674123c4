/**
 * The local vault as its users start it, and a relay for platforms that cannot trust its certificate.
 *
 * @module
 */
export { startLocalVault, type KsmFacts, type LocalVault } from "./local-vault.ts";
export { startRelay, type Relay, type RelayOptions, type RelayTarget } from "./relay.ts";
