/** One record of every type of privileged access management: users, resources, configurations. */
import { generate, record } from "@ksmkit/helper";
import type { Keep } from "./everyday-records.ts";

/** Makes them in an order in which references find their target. */
export async function makePamRecords(keep: Keep): Promise<void> {
  const admin = await keep(
    record("pamUser", {
      title: "Administrator",
      fields: { login: "root", password: generate(), distinguishedName: "cn=root", managed: true },
    }),
  );
  const machine = await keep(
    record("pamMachine", {
      title: "Web server",
      fields: {
        pamHostname: { hostName: "10.0.0.5", port: "22" },
        operatingSystem: "linux",
        sslVerification: true,
        instanceName: "web-1",
        providerRegion: "eu-west-1",
      },
    }),
  );
  const database = await keep(
    record("pamDatabase", {
      title: "Orders database, managed",
      fields: {
        pamHostname: { hostName: "orders.example", port: "5432" },
        useSSL: true,
        login: "admin",
        connectDatabase: "orders",
        databaseType: "postgresql",
      },
    }),
  );
  await keep(
    record("pamDirectory", {
      title: "Directory",
      fields: {
        pamHostname: { hostName: "ldap.example", port: "636" },
        useSSL: true,
        domainName: "example",
        alternativeIPs: "10.0.0.1\n10.0.0.2",
        directoryType: "openldap",
      },
    }),
  );
  await keep(
    record("pamRemoteBrowser", {
      title: "Billing console",
      fields: {
        rbiUrl: "https://billing.example",
        pamRemoteBrowserSettings: {
          connection: { protocol: "http", httpCredentialsUid: admin, disableCopy: true, audioChannels: 2 },
        },
      },
    }),
  );

  const pamResources = {
    resourceRef: [machine, database],
    adminCredentialRef: admin,
    allowedSettings: { connections: true, rotation: true },
  };
  const nightly = { type: "CRON", cron: "0 0 4 * * ?", tz: "Etc/UTC" };
  const onDemand = { type: "ON_DEMAND" };
  await keep(
    record("pamAwsConfiguration", {
      title: "AWS",
      fields: {
        pamResources,
        defaultRotationSchedule: nightly,
        awsId: "aws-1",
        accessKeyId: "example-key-id",
        accessSecretKey: "example-secret",
        regionNames: "eu-west-1\neu-central-1",
      },
    }),
  );
  await keep(
    record("pamAzureConfiguration", {
      title: "Azure",
      fields: {
        pamResources,
        defaultRotationSchedule: { type: "WEEKLY", weekday: "SUNDAY", time: "04:00:00", tz: "Etc/UTC" },
        azureId: "azure-1",
        clientId: "example-client",
        clientSecret: "example-secret",
        subscriptionId: "example-subscription",
        tenantId: "example-tenant",
      },
    }),
  );
  await keep(
    record("pamLocalConfiguration", {
      title: "Local network",
      fields: { pamResources, defaultRotationSchedule: onDemand, localId: "local-1" },
    }),
  );
  await keep(
    record("pamNetworkConfiguration", {
      title: "Data centre",
      fields: {
        pamResources,
        defaultRotationSchedule: { type: "MONTHLY_BY_DAY", monthDay: 1, time: "04:00:00", tz: "Etc/UTC" },
        networkId: "network-1",
        networkCIDR: "10.0.0.0/8",
      },
    }),
  );
  await keep(
    record("pamDomainConfiguration", {
      title: "Domain",
      fields: {
        pamResources,
        defaultRotationSchedule: onDemand,
        pamDomainId: "domain-1",
        pamHostname: { hostName: "dc.example", port: "636" },
        useSSL: true,
        scanDCCIDR: false,
      },
    }),
  );
  await keep(
    record("pamOciConfiguration", {
      title: "Oracle Cloud",
      fields: {
        pamResources,
        defaultRotationSchedule: nightly,
        pamOciId: "oci-1",
        adminOcid: "example-ocid",
        regionOci: "uk-london-1",
      },
    }),
  );
  await keep(
    record("pamGitHubConfiguration", {
      title: "GitHub",
      fields: {
        pamResources,
        defaultRotationSchedule: onDemand,
        pamGitHubId: "github-1",
        personalAccessToken: "example-token",
      },
    }),
  );
}
