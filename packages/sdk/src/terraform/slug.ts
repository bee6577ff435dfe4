// Names for what Konfig adds to a Terraform stack: told by what they stand for, and as stable as that.
import { digest } from '@konfig/core';

const longest = 60;

/** `${aws_db_instance.main.address}` is `aws_db_instance-main-address`; what is no plain way of names ends in a hash of the whole. */
export function slug(text: string): string {
  const inner = text.replace(/^\$\{([\s\S]*)\}$/, '$1');
  const words = inner
    .replace(/[^\w]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longest);
  return /^\w+(\.\w+)*$/.test(inner) && inner.length <= longest ? words : `${words || 'value'}-${digest(inner).slice(0, 8)}`;
}
