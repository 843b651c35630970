/**
 * What a page of the console needs of the browser to make and to use passkeys: the text of an ES module, to be served as
 * it is. docs/passkeys.md is its contract. It asks no server and holds no state; a page calls it from a press, and sends on
 * what it answers. It throws what the browser throws (`NotAllowedError` where the person turned away), and an `Error` whose
 * message is for the person where what is to be signed is not what the page shows.
 */
export const PASSKEY_SCRIPT = `
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

/** RFC 8785: keys in order, nothing undefined. */
function canonical(value) {
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.keys(value).filter((key) => value[key] !== undefined).sort();
  return '{' + fields.map((key) => JSON.stringify(key) + ':' + canonical(value[key])).join(',') + '}';
}

/** What a vote's passkey signs; the broker makes the same of what it stores. */
export async function challengeOf({ nonce, requestId, proposalDigest, decision, narrowing, windowSeconds, tier, voter }) {
  const text = canonical({
    purpose: 'postern-vote',
    nonce,
    requestId,
    proposalDigest,
    decision: decision === 'deny' ? 'deny' : 'approve',
    narrowing: decision === 'approve_less' ? narrowing : null,
    windowSeconds: decision === 'deny' ? null : windowSeconds || null,
    tier,
    voter,
  });
  return toText(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/**
 * Has a passkey sign one vote. \`shown\` is what the page shows of it: requestId, proposalDigest, tier, voter (the id of who
 * is signed in), decision, narrowing and windowSeconds as they are sent. \`opened\` is the broker's answer to
 * POST /requests/{id}/votes/challenge. Answers the \`assertion\` of the vote.
 */
export async function signVote(shown, opened) {
  const challenge = await challengeOf({ ...shown, nonce: opened.nonce });
  if (challenge !== opened.challenge)
    throw new Error('What would be signed is not what this page shows. Load it again.');
  const { response, rawId } = await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(challenge),
      rpId: opened.rpId,
      userVerification: 'required',
      allowCredentials: opened.credentialIds.map((id) => ({ type: 'public-key', id: toBytes(id) })),
      timeout: 120000,
    },
  });
  return {
    credentialId: toText(rawId),
    nonce: opened.nonce,
    clientDataJSON: toText(response.clientDataJSON),
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
  };
}

const VERIFIED = 0x04;
const HAS_KEY = 0x40;
const HAS_MORE = 0x80;

/** The COSE key in an authenticator's data: behind the credential's id, to the end. */
function publicKeyIn(data) {
  const flags = data[32];
  if (!(flags & VERIFIED)) throw new Error('This passkey did not verify you: choose one with a PIN, a finger or a face.');
  if (!(flags & HAS_KEY) || flags & HAS_MORE) throw new Error('This passkey cannot be used here: choose another.');
  const idLength = (data[53] << 8) | data[54];
  return data.slice(55 + idLength);
}

/**
 * Makes a passkey for the page's host. \`principalId\` is who is signed in, \`label\` what they call it, \`passkeys\` those that
 * they have (GET /passkeys), which are not made again. Answers the \`passkey\` of POST /passkeys.
 */
export async function createPasskey({ principalId, label, passkeys = [] }) {
  const { response, rawId } = await navigator.credentials.create({
    publicKey: {
      rp: { id: location.hostname, name: 'Postern' },
      user: { id: new TextEncoder().encode(principalId), name: principalId, displayName: principalId },
      // Nothing is attested, so nothing is proved by it: others approve the key, and each vote proves itself.
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
      attestation: 'none',
      excludeCredentials: passkeys.map(({ id }) => ({ type: 'public-key', id: toBytes(id) })),
      timeout: 120000,
    },
  });
  const publicKey = publicKeyIn(new Uint8Array(response.getAuthenticatorData()));
  return { id: toText(rawId), publicKey: toText(publicKey), label };
}
`;
