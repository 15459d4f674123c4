/**
 * Certificate of the TLS fakes, for tests on loopback only: it names `localhost` and `127.0.0.1` and nobody
 * trusts it who was not told to. Made once, so that a start costs nothing:
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj "/CN=KMS fake on loopback"
 * -addext "subjectAltName=DNS:localhost,IP:127.0.0.1"`
 */
export const loopbackCertificate = `-----BEGIN CERTIFICATE-----
MIIBuTCCAV+gAwIBAgIUDtAF+ijeVebQctgsSA3TrkK16QUwCgYIKoZIzj0EAwIw
IzEhMB8GA1UEAwwYS01TIHN0YW5kLWluIG9uIGxvb3BiYWNrMCAXDTI2MTEyMTEy
MjAxMloYDzIxMjYxMDI4MTIyMDEyWjAjMSEwHwYDVQQDDBhLTVMgc3RhbmQtaW4g
b24gbG9vcGJhY2swWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQP1o2HerYa7E2F
UzoFXGn3BgZCo4YS3TgmJwbKHBNI9q5eCVlcg4Vb5fdXG0pKa9LPwlidWBkM4mwu
nHkbdFIro28wbTAdBgNVHQ4EFgQUF/zAGRQKtPv0QVkehNKQ1Knaz1MwHwYDVR0j
BBgwFoAUF/zAGRQKtPv0QVkehNKQ1Knaz1MwDwYDVR0TAQH/BAUwAwEB/zAaBgNV
HREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIhAKw+PINa
lqp+/qakJzPxhYFLdGdeXKdixZdDhMCBixAMAiA/Vfa5LCbEfuO5EvfrVM9JGpst
gTroun4NHouXdlL3jQ==
-----END CERTIFICATE-----
`;

/** The key that belongs to {@link loopbackCertificate}. */
export const loopbackKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMrlAQSu4ViVhKgtj
2Cpwe9mHozjXgmVVHw7u2lAfB7qhRANCAAQP1o2HerYa7E2FUzoFXGn3BgZCo4YS
3TgmJwbKHBNI9q5eCVlcg4Vb5fdXG0pKa9LPwlidWBkM4mwunHkbdFIr
-----END PRIVATE KEY-----
`;
