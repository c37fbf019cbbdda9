DROP TABLE skips;
DROP TABLE remedies;
DROP TABLE letters;
DROP TABLE decisions;
