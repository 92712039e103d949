"""The cluster and its plans in the database: tables made from the dictionary, every version kept."""
