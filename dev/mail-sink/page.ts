import type { ReceivedMail } from './mailbox';

/** The newest mails that the page shows. */
const MAX_SHOWN = 200;

/** The inbox as a page that looks again every few seconds. */
export function inboxPage(mails: readonly ReceivedMail[]): string {
  const shown = [...mails].reverse().slice(0, MAX_SHOWN);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>Inbox (${mails.length})</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  article { border: 1px solid #8886; border-radius: 8px; padding: .75rem 1rem; margin: 1rem 0; }
  h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
  small { color: #666; } pre { white-space: pre-wrap; font: inherit; }
</style>
<h1>Inbox</h1>
<p>${mails.length} mails. Everything that the notification consumer sends in development ends here;
<a href="/mails.json">as JSON</a>.</p>
${shown.map(article).join('\n')}
</html>`;
}

function article(mail: ReceivedMail): string {
  return `<article>
  <h2>${escape(mail.subject)}</h2>
  <small>${escape(mail.receivedAt)} to ${escape(mail.to)}, ${escape(mail.messageId)}</small>
  <pre>${escape(mail.text)}</pre>
</article>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
