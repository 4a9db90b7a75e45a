// Sign in as each of CLIENTS, whose ID Token and UserInfo are signed, and encrypted for `key`, by
// the algorithms that it registered. Without a client_id it registers itself now. Speaks as fapi.mjs
// does.
import { createInterface } from "node:readline"
import * as oidc from "openid-client"

const { ISSUER, CLIENTS, INVITATION, SECRET, REDIRECT_URI } = process.env
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const tell = (said) => console.log(JSON.stringify(said))
const IMPORT = {
  "ECDH-ES": [{ name: "ECDH", namedCurve: "P-256" }, ["deriveBits"]],
  "RSA-OAEP-256": [{ name: "RSA-OAEP", hash: "SHA-256" }, ["decrypt"]],
}

function made({ client_id, metadata }) {
  const issuer = new URL(ISSUER)
  if (client_id) return oidc.discovery(issuer, client_id, metadata, oidc.ClientSecretBasic(SECRET))
  const asked = { ...metadata, redirect_uris: [REDIRECT_URI] }
  return oidc.dynamicClientRegistration(issuer, asked, undefined, { initialAccessToken: INVITATION })
}

async function signIn({ name, client_id, key, metadata }) {
  const client = await made({ client_id, metadata })
  oidc.enableNonRepudiationChecks(client)
  const alg = metadata.id_token_encrypted_response_alg
  if (alg) {
    const [algorithm, uses] = IMPORT[alg]
    const opened = await crypto.subtle.importKey("jwk", key, algorithm, false, uses)
    oidc.enableDecryptingResponses(client, ["A256GCM"], { key: opened, alg, kid: key.kid })
  }
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const asked = {
    redirect_uri: REDIRECT_URI,
    scope: "openid profile",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  }
  tell({ open: String(oidc.buildAuthorizationUrl(client, asked)) })
  const back = new URL((await lines.next()).value)
  const tokens = await oidc.authorizationCodeGrant(client, back, { pkceCodeVerifier })
  const { sub } = tokens.claims()
  const person = await oidc.fetchUserInfo(client, tokens.access_token, sub)
  tell({ [name]: [sub, person.name, tokens.id_token.split(".").length] })
}

for (const each of JSON.parse(CLIENTS)) await signIn(each)
process.exit()
