function comparing() {
  return null;
}
