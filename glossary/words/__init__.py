"""What a word is: tokens, tags and classes of words, the word lists, how rare a word is, what may translate it."""
