import { renderMail } from '../../consumers/mail/templates';

const VALUES = {
  ...{ order: 'ord_1', total: '8.90 EUR', reason: 'a product is sold out.' },
  ...{ carrier: 'Post', tracking: 'T1' },
};

test.each([
  'order-confirmed',
  'order-rejected',
  'order-failed',
  'order-cancelled',
  'order-shipped',
])('%s says which order it is about, in both forms, and leaves nothing open', (name) => {
  const mail = renderMail(name, VALUES, 'Ada');
  for (const part of Object.values(mail)) {
    expect(part).toContain('ord_1');
    expect(part).not.toContain('undefined');
  }
  expect(mail.text).toContain('Hello Ada,');
});

test('what a customer typed does not become markup, and stays as it is in plain text', () => {
  const name = `<img src=x onerror="a('b')"> & Co`;
  const { html, text } = renderMail('order-confirmed', VALUES, name);
  expect(html).toContain('&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; Co');
  expect(html).not.toContain('<img');
  expect(text).toContain(name);
});

test('a value with a line break begins no other header', () => {
  const { subject } = renderMail('order-confirmed', { ...VALUES, order: 'a\r\nBcc: x' }, undefined);
  expect(subject).toBe('Your order a Bcc: x is confirmed');
});

test('a template that does not exist is refused', () => {
  expect(() => renderMail('toString', VALUES, undefined)).toThrow('no template "toString"');
});
