/** For `no-restricted-syntax`, which each part of the configuration has to list whole. */
export const NO_DOUBLE_CAST = {
  selector: "TSAsExpression > TSAsExpression[typeAnnotation.type='TSUnknownKeyword']",
  message: 'A cast through unknown switches type checking off.',
};
