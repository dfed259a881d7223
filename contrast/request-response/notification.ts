import { ownSetting, runHttpService } from '../http-service';
import { openMail, sendConfirmation, type Confirmed } from '../participants/notification';

runHttpService('contrast_notification', ({ router }) => {
  const mail = openMail(ownSetting('SMTP_URL'));
  router.post('/confirm', async (ctx) => {
    await sendConfirmation(mail, ctx.request.body as Confirmed);
    ctx.body = { state: 'sent' };
  });
});
