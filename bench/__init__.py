"""Measurements: what the program takes beside a floor that no program of its kind can go under."""
