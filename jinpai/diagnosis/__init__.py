"""诊断 diagnosis: why enquiries were lost, what was given away, and what stands out in the team.

Source: the diagnosis contract.
"""
