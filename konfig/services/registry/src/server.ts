// Runs the registry: DATABASE_URL, REGISTRY_TOKENS (several with commas between them, to change one without a gap), TEAMS, PORT.
import { Pool } from 'pg';
import { registryService } from './registry';

async function main(): Promise<void> {
  const listIn = (name: string) => (process.env[name] ?? '').split(',').filter((one) => one !== '');
  const pool = new Pool({ connectionString: process.env.DATABASE_URL });
  // A connection that is lost while nobody uses it is made anew; without a listener it would end the process.
  pool.on('error', (error) => console.error(`a connection to PostgreSQL was lost: ${error.message}`));
  const registry = await registryService({
    pool,
    identity: process.env.IDENTITY ?? 'registry of dev',
    tokens: listIn('REGISTRY_TOKENS'),
    teams: listIn('TEAMS'),
  });
  const { url, close } = await registry.listen({ port: Number(process.env.PORT ?? 8080), host: process.env.HOST ?? '127.0.0.1' });
  console.log(`The registry listens at ${url}.`);
  process.once('SIGTERM', () => void close().then(() => pool.end()));
}

void main();
