import { createTandemClient, type TandemClient } from '../api/client/client';
import { loadConfig } from '../platform/config';

/** What commands about orders, products and keys work with: the API, as any client of it. */
export interface ApiTools {
  readonly client: TandemClient;
}

/** Opens the API that the environment names for one command. */
export async function withApi<Result>(use: (tools: ApiTools) => Promise<Result>): Promise<Result> {
  const { TANDEM_API_URL, TANDEM_API_KEY } = loadConfig('TANDEM_API_URL', 'TANDEM_API_KEY');
  if (TANDEM_API_KEY === undefined) throw new Error('TANDEM_API_KEY is not set');
  return use({ client: createTandemClient({ url: TANDEM_API_URL, key: TANDEM_API_KEY }) });
}

/** As much of a problem as a person is told. */
interface Told {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] | undefined;
}

/** The API said no. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The API did not answer at all. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** What the API answered; throws what it said against it, in one line a reason. */
export async function answered<Data>(
  answer: Promise<{ data?: Data; error?: Told | undefined; response: Response }>,
): Promise<{ data: Data; response: Response }> {
  const { data, error, response } = await answer.catch(() => {
    throw new Unanswered('the API does not answer: is TANDEM_API_URL right?');
  });
  if (error !== undefined) throw new Refused(textOf(error, response.status), response.status);
  return { data: data as Data, response };
}

function textOf({ title, detail, errors = [] }: Told, status: number): string {
  const reasons = errors.map(({ pointer, detail: why }) => `  ${pointer}: ${why}`);
  return [`${title} (${status})${detail === undefined ? '' : `: ${detail}`}`, ...reasons].join(
    '\n',
  );
}
