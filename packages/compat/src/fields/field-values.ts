/** Values of the field classes. Same as the official types. */

/** Rules for generated passwords. */
export type PasswordComplexity = {
  length?: number;
  caps?: number;
  lowercase?: number;
  digits?: number;
  special?: number;
};

/** A person's name. */
export type Name = {
  first?: string;
  middle?: string;
  last?: string;
};

/** A question and its answer. */
export type SecurityQuestion = {
  question?: string;
  answer?: string;
};

/** A telephone number. */
export type Phone = {
  region?: string;
  number?: string;
  ext?: string;
  type?: string;
};

/** A payment card; it expires `MM/YYYY`. */
export type PaymentCard = {
  cardNumber?: string;
  cardExpirationDate?: string;
  cardSecurityCode?: string;
};

/** A bank account. */
export type BankAccount = {
  accountType?: string;
  routingNumber?: string;
  accountNumber?: string;
  otherType?: string;
};

/** A key pair. */
export type KeyPair = {
  publicKey?: string;
  privateKey?: string;
};

/** A host and its port. */
export type Host = {
  hostName?: string;
  port?: string;
};

/** A postal address. */
export type Address = {
  street1?: string;
  street2?: string;
  city?: string;
  state?: string;
  country?: string;
  zip?: string;
};

/** When something is to happen. */
export type Schedule = {
  type?: string;
  cron?: string;
  time?: string;
  tz?: string;
  weekday?: string;
  intervalCount?: number;
};

/** A script, what runs it, and the records that it uses. */
export type Script = {
  fileRef?: string;
  command?: string;
  recordRef?: string[];
};

/** What may be done with a resource. */
export type AllowedSettings = {
  connections?: boolean;
  portForwards?: boolean;
  rotation?: boolean;
  sessionRecording?: boolean;
  typescriptRecording?: boolean;
};

/** Resources of a privileged access configuration. */
export type PamResource = {
  controllerUid?: string;
  folderUid?: string;
  resourceRef?: string[];
  allowedSettings?: AllowedSettings;
};

/** A private key as JSON Web Key. */
export type PrivateKey = {
  crv?: string;
  d?: string;
  ext?: boolean;
  key_ops?: string[];
  kty?: string;
  x?: string;
  y?: string;
};

/** A passkey. */
export type Passkey = {
  privateKey?: PrivateKey;
  credentialId?: string;
  signCount?: number;
  userId?: string;
  relyingParty?: string;
  username?: string;
  createdDate?: number;
};

/** How an application is filled in. */
export type AppFiller = {
  applicationTitle?: string;
  contentFilter?: string;
  macroSequence?: string;
};

/** How a remote browser connects. */
export type PamRbiConnection = {
  protocol?: string;
  userRecords?: string[];
  allowUrlManipulation?: boolean;
  allowedUrlPatterns?: string;
  allowedResourceUrlPatterns?: string;
  httpCredentialsUid?: string;
  autofillConfiguration?: string;
};

/** Settings of a remote browser. */
export type PamRemoteBrowserSetting = {
  connection?: PamRbiConnection;
};

/** How a privileged session connects. */
export type PamSettingsConnection = {
  protocol?: string;
  userRecords?: string[];
  security?: string;
  ignoreCert?: boolean;
  resizeMethod?: string;
  colorScheme?: string;
};

/** A forwarded port. */
export type PamSettingsPortForward = {
  reusePort?: boolean;
  port?: string;
};

/** Settings of a privileged session. */
export type PamSetting = {
  portForward?: PamSettingsPortForward[];
  connection?: PamSettingsConnection[];
};
