// MatchingEngine
