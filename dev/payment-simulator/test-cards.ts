/** What a test payment method leads to; the names are Stripe's (docs.stripe.com/testing). */
export type CardBehaviour =
  | { readonly outcome: 'success' }
  | { readonly outcome: 'decline'; readonly code: string; readonly declineCode: string };

const success: CardBehaviour = { outcome: 'success' };
const decline = (declineCode: string, code = 'card_declined'): CardBehaviour => ({
  outcome: 'decline',
  code,
  declineCode,
});

const TEST_CARDS: Readonly<Record<string, CardBehaviour>> = {
  pm_card_visa: success,
  pm_card_visa_debit: success,
  pm_card_mastercard: success,
  pm_card_amex: success,
  pm_card_discover: success,
  pm_card_chargeDeclined: decline('generic_decline'),
  pm_card_visa_chargeDeclined: decline('generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: decline('insufficient_funds'),
  pm_card_visa_chargeDeclinedInsufficientFunds: decline('insufficient_funds'),
  pm_card_chargeDeclinedLostCard: decline('lost_card'),
  pm_card_chargeDeclinedStolenCard: decline('stolen_card'),
  pm_card_chargeDeclinedExpiredCard: decline('expired_card', 'expired_card'),
  pm_card_chargeDeclinedIncorrectCvc: decline('incorrect_cvc', 'incorrect_cvc'),
  pm_card_chargeDeclinedProcessingError: decline('processing_error', 'processing_error'),
};

/** The behaviour of a payment method; undefined when Stripe would not know it. */
export function findTestCard(paymentMethod: string): CardBehaviour | undefined {
  return Object.hasOwn(TEST_CARDS, paymentMethod) ? TEST_CARDS[paymentMethod] : undefined;
}
