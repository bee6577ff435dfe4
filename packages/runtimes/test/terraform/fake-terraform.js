#!/usr/bin/env node
// Plays what a real terraform has said: the folder FAKE_TERRAFORM holds its streams. With the backend it speaks as the real one does.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const recorded = (name) => readFileSync(join(process.env.FAKE_TERRAFORM, name), 'utf8');
const lock = { ID: `lock-${process.pid}`, Operation: 'OperationTypeApply', Who: 'fake@here' };

async function ask(method, body, query = '') {
  const { TF_HTTP_ADDRESS: address, TF_HTTP_USERNAME: user, TF_HTTP_PASSWORD: password } = process.env;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(address + query, { method, headers: { authorization }, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, text: await answer.text() };
}

/** A backend that is not Konfig's is a file of the folder. It refuses as often as the file `refuses` says. */
const hasOwnBackend = () => JSON.parse(readFileSync('main.tf.json', 'utf8')).terraform.backend.http === undefined;
const ownState = join(process.env.FAKE_TERRAFORM, 'backend.tfstate');
function push(text) {
  const refuses = join(process.env.FAKE_TERRAFORM, 'refuses');
  const times = existsSync(refuses) ? Number(readFileSync(refuses, 'utf8')) : 0;
  writeFileSync(refuses, String(Math.max(0, times - 1)));
  if (times > 0) return false;
  writeFileSync(ownState, text);
  return true;
}

async function main([command, subcommand, file]) {
  writeFileSync(join(process.env.FAKE_TERRAFORM, `env-of-${command}.json`), JSON.stringify(process.env));
  switch (command) {
    case 'version':
      return print(
        `${existsSync(join(process.env.FAKE_TERRAFORM, 'version')) ? recorded('version') : 'Terraform v1.11.4\non linux_amd64\n'}`,
      );
    case 'plan':
      if (!hasOwnBackend()) {
        await ask('LOCK', JSON.stringify(lock));
        writeFileSync('seen-state', (await ask('GET')).text);
        await ask('UNLOCK', JSON.stringify(lock));
      }
      writeFileSync('tfplan', 'a saved plan');
      if (existsSync(join(process.env.FAKE_TERRAFORM, 'hang'))) return hang();
      if (recorded('plan.jsonl').includes('"severity":"error"')) process.exitCode = 1;
      return print(recorded('plan.jsonl'));
    case 'validate': {
      const said = existsSync(join(process.env.FAKE_TERRAFORM, 'validate.json'))
        ? recorded('validate.json')
        : '{"valid":true,"diagnostics":[]}';
      if (said.includes('"valid":false')) process.exitCode = 1;
      return print(said);
    }
    case 'init':
      return;
    case 'state':
      if (subcommand === 'pull') return print(existsSync(ownState) ? readFileSync(ownState, 'utf8') : '');
      if (!push(readFileSync(file, 'utf8'))) process.exitCode = 1;
      return;
    case 'show':
      return print(recorded('show.json'));
    case 'apply': {
      if (readFileSync('tfplan', 'utf8') !== 'a saved plan') process.exitCode = 1;
      if (hasOwnBackend()) {
        if (!push(recorded('state.json'))) writeFileSync('errored.tfstate', recorded('state.json'));
        return print(recorded('apply.jsonl'));
      }
      await ask('LOCK', JSON.stringify(lock));
      const saved = await ask('POST', recorded('state.json'), `?ID=${lock.ID}`);
      await ask('UNLOCK', JSON.stringify(lock));
      if (saved.status !== 200) writeFileSync('errored.tfstate', isDiskFull() ? '' : recorded('state.json'));
      return print(recorded('apply.jsonl'));
    }
    default:
      process.exitCode = 1;
  }
}

function isDiskFull() {
  return existsSync(join(process.env.FAKE_TERRAFORM, 'full'));
}

/** As a provider that listens to nobody. */
function hang() {
  process.on('SIGINT', () => writeFileSync(join(process.env.FAKE_TERRAFORM, 'interrupted'), ''));
  writeFileSync(join(process.env.FAKE_TERRAFORM, 'hangs'), String(process.pid));
  setInterval(() => {}, 1000);
}

function print(text) {
  process.stdout.write(text);
}

main(process.argv.slice(2));
