// What openid-client does beyond signing in. Writes what it learns as lines of JSON; where a person
// is needed it writes {"open": address} and reads the address where they came back, or anything.
import { createInterface } from "node:readline"
import * as oidc from "openid-client"

const { ISSUER, SIGNING_CLIENT, SIGNING_KEY, KIOSK, CALLS, SECRET, REDIRECT_URI } = process.env
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const tell = (said) => console.log(JSON.stringify(said))
const open = async (address) => {
  tell({ open: String(address) })
  return (await lines.next()).value
}

async function withProofs() {
  const jwk = JSON.parse(SIGNING_KEY)
  const algorithm = { name: "ECDSA", namedCurve: "P-256" }
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"])
  const signer = { key, kid: jwk.kid }
  const metadata = {
    id_token_signed_response_alg: "ES256",
    authorization_signed_response_alg: "ES256",
    userinfo_signed_response_alg: "ES256",
    introspection_signed_response_alg: "ES256",
  }
  const method = oidc.PrivateKeyJwt(signer)
  const execute = [oidc.useJwtResponseMode, oidc.enableNonRepudiationChecks]
  const client = await oidc.discovery(new URL(ISSUER), SIGNING_CLIENT, metadata, method, {
    execute,
  })
  const DPoP = oidc.getDPoPHandle(client, await oidc.randomDPoPKeyPair("ES256"))
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const signed = await oidc.buildAuthorizationUrlWithJAR(
    client,
    {
      redirect_uri: REDIRECT_URI,
      scope: "openid profile grants",
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      dpop_jkt: await DPoP.calculateThumbprint(),
    },
    signer,
  )
  const pushed = await oidc.buildAuthorizationUrlWithPAR(client, signed.searchParams, { DPoP })
  const back = new URL(await open(pushed))
  const tokens = await oidc.authorizationCodeGrant(client, back, { pkceCodeVerifier }, {}, { DPoP })
  const who = tokens.claims().sub
  const person = await oidc.fetchUserInfo(client, tokens.access_token, who, { DPoP })
  const renewed = await oidc.refreshTokenGrant(client, tokens.refresh_token, {}, { DPoP })
  const live = await oidc.tokenIntrospection(client, renewed.access_token)
  await oidc.tokenRevocation(client, tokens.refresh_token) // not rotated (FAPI 2.0 section 5.3.2.1)
  const dead = await oidc.tokenIntrospection(client, renewed.access_token)
  tell({ proven: { who, name: person.name, type: tokens.token_type, live, dead } })
}

async function atTheKiosk() {
  const client = await oidc.discovery(new URL(ISSUER), KIOSK, undefined, oidc.None())
  const begun = await oidc.initiateDeviceAuthorization(client, { scope: "openid" })
  await open(begun.verification_uri_complete)
  const tokens = await oidc.pollDeviceAuthorizationGrant(client, { ...begun, interval: 0.1 })
  tell({ kiosk: tokens.claims().sub })
}

async function onTheTelephone() {
  const method = oidc.ClientSecretBasic(SECRET)
  const client = await oidc.discovery(new URL(ISSUER), CALLS, undefined, method)
  const asked = { scope: "openid", login_hint: "joao@example.com", binding_message: "4711" }
  const begun = await oidc.initiateBackchannelAuthentication(client, asked)
  await open("approval")
  const tokens = await oidc.pollBackchannelAuthenticationGrant(client, { ...begun, interval: 0.1 })
  tell({ telephone: tokens.claims().sub })
}

await withProofs()
await atTheKiosk()
await onTheTelephone()
process.exit()
