// Looks for a secret in everything that a run leaves: as it is, as JSON, URLs, hex and base64 write it, and within gzip and zip, however deep.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';

/** The files below a folder that hold the secret. */
export function filesWith(secret: string, folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => {
    const file = join(folder, name);
    return statSync(file, { throwIfNoEntry: false })?.isFile() && holds(readFileSync(file), secret);
  });
}

export function holds(bytes: Buffer, secret: string): boolean {
  return formsOf(secret).some((form) => bytes.includes(form)) || packedIn(bytes).some((inner) => holds(inner, secret));
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
    ...base64Of(secret),
  ];
}

/** Within a text it stands in one of three ways, by how many bytes come before it. */
function base64Of(secret: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from(`${' '.repeat(before)}${secret}`).toString('base64');
    // What comes before and behind has its part in the letters at both ends.
    return text
      .slice(before === 0 ? 0 : before + 1)
      .replace(/.?=+$/, '')
      .slice(0, -1);
  });
}

/** What is packed in it: https://www.rfc-editor.org/rfc/rfc1952, and the local headers of https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function packedIn(bytes: Buffer): readonly Buffer[] {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return unpacked(() => gunzipSync(bytes));
  const found = gzipInBase64(bytes);
  for (let at = bytes.indexOf('PK\x03\x04'); at >= 0; at = bytes.indexOf('PK\x03\x04', at + 4)) {
    const begins = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    // Deflated: its length stands behind it, where whoever wrote it did not know it before.
    if (bytes.readUInt16LE(at + 8) === 8) found.push(...unpacked(() => inflateRawSync(bytes.subarray(begins))));
  }
  return found;
}

/** As a text has it: `{"data":{"state":"H4sI…"}}`. */
function gzipInBase64(bytes: Buffer): Buffer[] {
  const texts = bytes.toString('latin1').match(/H4sI[\w+/-]+/g) ?? [];
  return texts.flatMap((text) => unpacked(() => gunzipSync(Buffer.from(text, 'base64'))));
}

/** Nothing where it only looks like something packed. */
function unpacked(unpack: () => Buffer): readonly Buffer[] {
  try {
    return [unpack()];
  } catch {
    return [];
  }
}
