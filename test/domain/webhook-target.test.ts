import { parseTarget, requireAllowed, TargetRefused } from '../../domain/webhook-target';
import { send } from '../../consumers/webhooks/send';

const PUBLIC = { isLoopbackAllowed: false };

/** Ways by which others have reached what is inside. */
const REFUSED = [
  'http://example.com/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://0/',
  'https://0.0.0.0/',
  'https://[::1]/',
  'https://[::]/',
  'https://[0:0:0:0:0:ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  'https://[fc00::1]/',
  'https://[ff02::1]/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://①②⑦.⓪.⓪.①/',
  'https://127。0。0。1/',
  'https://127.0.0.1./',
  'https://%31%32%37.0.0.1/',
  'https://localhost/',
  'https://LOCALHOST./',
  'https://a.localhost/',
  'https://metadata.google.internal/',
  'https://printer.local/',
  'https://redis/',
  'https://example.com@127.0.0.1/',
  'https://user:password@example.com/',
  'https://127.0.0.1\\@example.com/',
  'https://example.com\\.evil/',
  'https:// 127.0.0.1/',
  'https://exa\tmple.com/',
  'https://example.com/\r\nX-Injected: 1',
  'https://example.com/#part',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'redis://127.0.0.1:6379',
  '//127.0.0.1/',
  'example.com',
  '',
  `https://example.com/${'a'.repeat(3_000)}`,
];

test.each(REFUSED)('%j is refused', (text) => {
  expect(() => parseTarget(text, PUBLIC)).toThrow(TargetRefused);
});

test.each(['https://example.com/hook', 'https://93.184.216.34:8443/', 'https://[2606:2800::1]/'])(
  '%j is allowed',
  (text) => expect(parseTarget(text, PUBLIC).href).toBe(text),
);

test('this machine is allowed while developing, and nothing else inside is', () => {
  const policy = { isLoopbackAllowed: true };
  for (const text of ['http://127.0.0.1:8080/', 'http://localhost:1/', 'https://[::1]/']) {
    expect(parseTarget(text, policy).href).toBe(text);
  }
  for (const text of ['http://example.com/', 'https://10.0.0.1/', 'http://169.254.169.254/']) {
    expect(() => parseTarget(text, policy)).toThrow(TargetRefused);
  }
});

test.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'fe80::1', 'x'])(
  'a name that resolves to %s is not connected to',
  async (address) => {
    expect(() => requireAllowed(address, PUBLIC)).toThrow(TargetRefused);
    const resolve = () => Promise.resolve([{ address, family: 4 }]);
    const sent = send(
      'https://hook.example/',
      { headers: {}, body: '{}' },
      { policy: PUBLIC, resolve },
    );
    await expect(sent).rejects.toThrow(TargetRefused);
  },
);

test('one bad address among good ones is enough', async () => {
  const resolve = () =>
    Promise.resolve([
      { address: '93.184.216.34', family: 4 },
      { address: '192.168.0.1', family: 4 },
    ]);
  const sent = send(
    'https://hook.example/',
    { headers: {}, body: '' },
    { policy: PUBLIC, resolve },
  );
  await expect(sent).rejects.toThrow('192.168.0.1 is not public');
});
