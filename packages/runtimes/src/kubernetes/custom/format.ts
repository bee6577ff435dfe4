// The formats that texts of custom resources are checked for here; the server reads them as generously.

/** What a text of this format looks like, where it does not; undefined where it does, or where the format is left to the server. */
export function formatFault(format: string, text: string): string | undefined {
  const rule = Object.hasOwn(formats, format) ? formats[format] : undefined;
  return rule === undefined || rule.isOk(text) ? undefined : `must be ${rule.words}`;
}

const formats: { readonly [format: string]: { readonly words: string; isOk(text: string): boolean } } = {
  'date-time': { words: 'a time such as 2026-01-31T12:00:00Z', isOk: isTime },
  duration: { words: 'a duration such as 90s or 1h30m', isOk: isDuration },
};

function isTime(text: string): boolean {
  const [, date = '', hour, minute, second] = /^(\d{4}-\d\d-\d\d)t(\d\d):(\d\d):(\d\d)(?:.\d+)?(?:z|[+|-]\d\d:\d\d)$/i.exec(text) ?? [];
  return isDay(date) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** As Go writes them, or in words: `5 minutes`. */
function isDuration(text: string): boolean {
  return /^[+-]?0$/.test(text) || /\d\.?\s*(n|u|µ|μ|m|s|h|d|w)/i.test(text);
}
