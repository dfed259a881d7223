import { loadConfig } from '../platform/config';
import { seedCatalogue } from './catalogue';

/** Fills an empty catalogue, for a system that was not brought up by `npm start`. */
async function seed(): Promise<void> {
  const { DATABASE_URL } = loadConfig('DATABASE_URL');
  console.log(`${await seedCatalogue(DATABASE_URL)} products added`);
}

seed().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
