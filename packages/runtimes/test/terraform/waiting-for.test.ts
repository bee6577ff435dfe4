import { KonfigError } from '@konfig/core';
import { readMessage } from '../../src/terraform/messages';
import { whileWaiting } from '../../src/terraform/waiting-for';

const message = (type: string, addr: string) => readMessage(JSON.stringify({ type, hook: { resource: { addr } } })) ?? [];
const limit = new KonfigError({ code: 'RESOURCE_TIMEOUT', message: 'It took longer than 60 s.' });

test('what Terraform has begun to ask for, and had no answer of, is named', () => {
  const messages = [message('refresh_start', 'x.slow'), message('refresh_start', 'x.quick'), message('refresh_complete', 'x.quick')].flat();
  expect(whileWaiting(limit, messages)).toMatchObject({ problems: [{ message: 'It took longer than 60 s. It was waiting for x.slow.' }] });
  const cancel = new DOMException('aborted', 'AbortError');
  expect(whileWaiting(cancel, messages)).toBe(cancel);
});
